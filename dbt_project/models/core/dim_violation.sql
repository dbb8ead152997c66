{{ code_dim('violation') }}
