"""Which steps lead from an empty database to the tables of this version? Run by alembic."""
