{{ code_dim('discipline_form') }}
