{{ code_dim('programme_type') }}
