import json
import sys

from pyathena import connect
from pyathena.error import OperationalError

endpoint, work_group, database = sys.argv[1:]
connection = connect(
    region_name="eu-central-1",
    endpoint_url=endpoint,
    aws_access_key_id="local",
    aws_secret_access_key="local",
    work_group=work_group,
    schema_name=database,
    poll_interval=0.05,
)
cursor = connection.cursor()
answers = {}

cursor.execute(
    "select text, flag, small, large, money, at, day, texts, cast(null as varchar) as nothing from every_type"
)
answers["row"] = [repr(value) for value in cursor.fetchone()]
answers["types"] = [column[1] for column in cursor.description]

cursor.execute("select count(*) from every_type where text = %(text)s", {"text": "ä"})
answers["parameter"] = cursor.fetchone()[0]

cursor.execute("select x from unnest(sequence(1, 2500)) as t(x)")
answers["pages"] = len(cursor.fetchall())

try:
    cursor.execute("select * from nope")
except OperationalError as error:
    answers["failure"] = str(error)

cursor.execute("show tables")
answers["tables"] = [row[0] for row in cursor.fetchall()]
answers["columns"] = [column.name for column in cursor.get_table_metadata("quarantine_log").columns]

print(json.dumps(answers, ensure_ascii=False))
