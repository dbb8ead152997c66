{{ code_dim('rotation_kind') }}
