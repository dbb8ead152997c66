{{ code_dim('rating_system') }}
