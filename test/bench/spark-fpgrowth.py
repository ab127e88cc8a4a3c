"""What Spark's FPGrowth finds in baskets, with all cores of this machine.

usage: spark-fpgrowth.py min_support < baskets.jsonl; prints {"seconds", "itemsets", "rules", "ready_seconds"} as JSON
"""

import json
import sys
import time

from pyspark.ml.fpm import FPGrowth
from pyspark.sql import SparkSession

min_support = float(sys.argv[1])
began = time.perf_counter()
settings = {
    "spark.driver.memory": "4g",
    # A tree of long baskets is written by recursion, for which the default is too small.
    "spark.driver.extraJavaOptions": "-Xss64m",
}
spark = SparkSession.builder.master("local[*]").config(map=settings).getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
baskets = [(sorted(set(json.loads(line))),) for line in sys.stdin]
table = spark.createDataFrame(baskets, ["items"]).cache()
table.count()
ready = time.perf_counter()
model = FPGrowth(itemsCol="items", minSupport=min_support, minConfidence=0.0).fit(table)
itemsets = model.freqItemsets.count()
rules = model.associationRules.count()
seconds = time.perf_counter() - ready
json.dump({"seconds": seconds, "itemsets": itemsets, "rules": rules, "ready_seconds": ready - began}, sys.stdout)
spark.stop()
