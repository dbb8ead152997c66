{{ code_dim('unit_type') }}
