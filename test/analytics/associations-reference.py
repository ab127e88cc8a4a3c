"""What mlxtend finds in baskets: one JSON list of items on each line of the input; support, length and rules as asked.

usage: associations-reference.py min_support max_len < baskets.jsonl > found.json
"""

import json
import sys
import time

import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder

min_support, max_len = float(sys.argv[1]), int(sys.argv[2])
baskets = [json.loads(line) for line in sys.stdin]
encoder = TransactionEncoder()
table = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)

start = time.perf_counter()
sets = fpgrowth(table, min_support=min_support, use_colnames=True, max_len=max_len)
rules = association_rules(sets, num_itemsets=len(baskets), metric="confidence", min_threshold=0.0)
seconds = time.perf_counter() - start

one = rules[rules["consequents"].map(len) == 1]
measures = ["support", "confidence", "lift", "leverage", "conviction"]
json.dump(
    {
        "seconds": seconds,
        "baskets": len(baskets),
        "itemsets": [["|".join(sorted(items)), support] for items, support in zip(sets["itemsets"], sets["support"])],
        "rules": [
            ["|".join(sorted(a)), "|".join(c), *(None if value == float("inf") else value for value in values)]
            for a, c, *values in one[["antecedents", "consequents", *measures]].itertuples(index=False)
        ],
    },
    sys.stdout,
)
