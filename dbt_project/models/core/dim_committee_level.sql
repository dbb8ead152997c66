{{ code_dim('committee_level') }}
