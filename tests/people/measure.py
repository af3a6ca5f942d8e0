"""Reads and explodes a CSV file of people with DuckDB, and runs an exported query over it.

    python measure.py PEOPLE.csv ROLES.sql

Standard output: {"import": seconds, "count": seconds, "fallback": people}, the best of three each.
"""

import json
import sys
import time

import duckdb

people, query = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
warehouse = duckdb.connect()


def best(work):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def read():
    warehouse.execute(
        """
        CREATE OR REPLACE TABLE claims AS
        SELECT email AS person, 'groups' AS claim, unnest(string_split(groups, ';')) AS value FROM read_csv(?)
        """,
        [people],
    )


imported = best(read)
warehouse.execute("INSERT INTO claims SELECT DISTINCT person, 'email', person FROM claims")
counts = []
count = f"SELECT rule, count(*) FROM ({query}\n) GROUP BY rule"
seconds = best(lambda: counts.append(dict(warehouse.execute(count).fetchall())))
json.dump({"import": imported, "count": seconds, "fallback": counts[-1].get(None, 0)}, sys.stdout)
