"""Runs an exported query on DuckDB.

Standard input: {"rows": [[person, claim, value], ...], "query": "..."}. Standard output: [[person, role, rule], ...].
"""

import json
import sys

import duckdb

asked = json.load(sys.stdin)
warehouse = duckdb.connect()
warehouse.execute("CREATE TABLE claims (person VARCHAR, claim VARCHAR, value VARCHAR)")
people, claims, values = (list(column) for column in zip(*asked["rows"]))
warehouse.execute(
    "INSERT INTO claims SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])", [people, claims, values]
)
json.dump(warehouse.execute(asked["query"]).fetchall(), sys.stdout)
