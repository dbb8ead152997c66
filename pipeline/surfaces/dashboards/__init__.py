"""Dashboards in Apache Superset, as code: `make bi`. What does not belong here: what a metric is (dbt_project/models/semantic)."""
