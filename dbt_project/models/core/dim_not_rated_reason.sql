{{ code_dim('not_rated_reason') }}
