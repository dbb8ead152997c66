{{ code_dim('rating_level') }}
