"""Runs the AWS emulator ministack with what it leaves out of AWS and a deployment of this app relies on.

ministack 1.5.33 ignores ReportBatchItemFailures, BisectBatchOnFunctionError, MaximumRetryAttempts, ParallelizationFactor,
MaximumBatchingWindowInSeconds and, for Kinesis, DestinationConfig; it reports every thrown error as Runtime.HandlerError; Ref of a secret gives
its name, where CloudFormation gives its ARN; what PartiQL statements write is on no stream, and allowed by an action that IAM does not
know; under TLS no JWT authorizer finds the keys of a user pool. The version is pinned: this replaces parts of its inside.
"""
import base64, contextvars, copy, hashlib, json, os, re, signal, sys, threading, time, uuid
from collections import deque

import ministack.core.iam_actions as A
import ministack.core.lambda_runtime as RT
import ministack.services.apigateway as GATEWAY
import ministack.services.athena as ATHENA
import ministack.services.cloudformation.provisioners as P
import ministack.services.cognito as COGNITO
import ministack.services.dynamodb as D
import ministack.services.firehose as FIREHOSE
import ministack.services.lambda_svc as L
import ministack.services.secretsmanager as SM
from ministack.core.arn import ArnParseError, parse_arn

BACKOFF = float(os.environ.get("MS_ESM_BACKOFF_SECONDS", "0.1"))
_state: dict = {}  # (account, region, uuid) -> {"shards": {shard: {"pos", "lanes": [Lane]}}}


class Lane:
    __slots__ = ("pending", "work", "busy", "not_before", "since", "invokes")

    def __init__(self):
        self.pending, self.work, self.busy, self.not_before, self.since, self.invokes = deque(), deque(), False, 0.0, 0.0, 0


def _iso(ts):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(float(ts)))


def _kinesis_event_record(r, shard_id, arn, region, role):
    d = r["Data"]
    if isinstance(d, str):
        try:
            base64.b64decode(d, validate=True)
        except Exception:
            d = base64.b64encode(d.encode()).decode()
    else:
        d = base64.b64encode(d).decode()
    return {"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": r["PartitionKey"], "sequenceNumber": r["SequenceNumber"], "data": d, "approximateArrivalTimestamp": r["ApproximateArrivalTimestamp"]},
            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": f"{shard_id}:{r['SequenceNumber']}", "eventName": "aws:kinesis:record", "invokeIdentityArn": role, "awsRegion": region, "eventSourceARN": arn}


def _seq(rec):
    return (rec.get("kinesis") or {}).get("sequenceNumber") or (rec.get("dynamodb") or {}).get("SequenceNumber")


def _arrived(rec):
    return float((rec.get("kinesis") or {}).get("approximateArrivalTimestamp") or (rec.get("dynamodb") or {}).get("ApproximateCreationDateTime") or time.time())


def _lane_of(rec, n):
    key = (rec.get("kinesis") or {}).get("partitionKey") or json.dumps((rec.get("dynamodb") or {}).get("Keys"), sort_keys=True)
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % n


def _on_failure(esm, func_rec, shard_id, batch, result, condition, invokes):
    dest = ((esm.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not dest:
        return
    config, arn = func_rec.get("config") or func_rec, esm["EventSourceArn"]
    kind = "KinesisBatchInfo" if ":kinesis:" in arn else "DDBStreamBatchInfo"
    rec = {"requestContext": {"requestId": str(uuid.uuid4()), "functionArn": config.get("FunctionArn", ""), "condition": condition, "approximateInvokeCount": invokes},
           "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" if result.get("error") else None},
           "version": "1.0", "timestamp": _iso(time.time()),
           kind: {"shardId": shard_id, "startSequenceNumber": str(_seq(batch[0])), "endSequenceNumber": str(_seq(batch[-1])), "approximateArrivalOfFirstRecord": _iso(_arrived(batch[0])), "approximateArrivalOfLastRecord": _iso(_arrived(batch[-1])), "batchSize": len(batch), "streamArn": arn}}
    spec, now = parse_arn(dest), time.time()
    if spec.service == "s3":  # S3 destinations carry the original payload too
        from ministack.services import firehose
        key = time.strftime(f"aws/lambda/{esm['UUID']}/{shard_id}/%Y/%m/%d/%Y-%m-%dT%H.%M.%S-", time.gmtime(now)) + str(uuid.uuid4())
        firehose._put_s3_object(spec.resource, key, json.dumps({**rec, "payload": json.dumps({"Records": batch})}).encode())
    elif spec.service == "sqs":
        from ministack.services import sqs
        q, body = sqs._queue_by_arn(dest), json.dumps(rec)
        if q is not None:
            q["messages"].append({"id": str(uuid.uuid4()), "body": body, "md5_body": hashlib.md5(body.encode()).hexdigest(), "md5_attrs": "", "receipt_handle": None, "sent_at": now, "visible_at": now + sqs.queue_delay(q), "receive_count": 0, "first_receive_at": None, "message_attributes": {}, "sys": {"SenderId": L.get_account_id(), "SentTimestamp": str(int(now * 1000))}, "group_id": None, "dedup_id": None, "dedup_cache_key": None, "seq": None})
    elif spec.service == "sns":
        from ministack.services import sns
        if dest in sns._topics:
            sns._fanout(dest, str(uuid.uuid4()), json.dumps(rec), "Lambda ESM failure", "", {})


def _failed_index(esm, batch, result):
    """None on success, else the index of the first record that must be retried."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in (esm.get("FunctionResponseTypes") or []):
        return None
    body = result.get("body")
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return 0
    ids = [(f or {}).get("itemIdentifier") for f in ((body or {}).get("batchItemFailures") or [])] if isinstance(body, (dict, type(None))) else [""]
    if not ids:
        return None
    seqs = {str(_seq(r)): i for i, r in enumerate(batch)}
    return min((seqs[i] for i in ids), default=0) if all(i in seqs for i in ids) else 0  # an unknown id fails the whole batch


def _run(lane, esm, func_rec, shard_id):
    try:
        batch, attempts, invokes = lane.work[0]
        result = L._execute_function(func_rec, {"Records": batch})
        invokes += 1
        bad = _failed_index(esm, batch, result)
        if bad is None:
            lane.work.popleft()
            esm["LastProcessingResult"] = "OK"
            return
        esm["LastProcessingResult"] = "PROBLEM: Function call failed"
        L.logger.warning("ESM: %s shard %s batch of %d failed at %d (attempt %d)", esm["FunctionName"], shard_id, len(batch), bad, attempts + 1)
        lane.work.popleft()
        rest = batch[bad:]
        limit, age = esm.get("MaximumRetryAttempts"), int(esm.get("MaximumRecordAgeInSeconds") or -1)
        limit = -1 if limit is None else int(limit)
        if age > 0 and time.time() - min(map(_arrived, rest)) > age:
            return _on_failure(esm, func_rec, shard_id, rest, result, "MaxRecordAgeExceeded", invokes)
        if esm.get("BisectBatchOnFunctionError") and len(rest) > 1:  # a split does not use up the retry quota
            mid = len(rest) // 2
            lane.work.extendleft([(rest[mid:], attempts, invokes), (rest[:mid], attempts, invokes)])
        elif 0 <= limit <= attempts:
            return _on_failure(esm, func_rec, shard_id, rest, result, "RetryAttemptsExhausted", invokes)
        else:
            lane.work.appendleft((rest, attempts + 1, invokes))
        lane.not_before = time.time() + BACKOFF
    finally:
        lane.busy = False
        L._esm_wake.set()


def _pump(esm, key, func_rec, shard_id, fetch, start):
    """Move new records into lanes and start one batch per idle lane."""
    n = int(esm.get("ParallelizationFactor") or 1)
    st = _state.setdefault(key, {}).setdefault(shard_id, {"pos": start, "lanes": []})
    while len(st["lanes"]) < n:
        st["lanes"].append(Lane())
    if sum(len(x.pending) for x in st["lanes"]) < 20000:
        new, st["pos"] = fetch(st["pos"])
        for rec in L._apply_filter_criteria(new, esm) if new else ():
            lane = st["lanes"][_lane_of(rec, n) if n > 1 else 0]
            if not lane.pending:
                lane.since = time.time()
            lane.pending.append(rec)
    size, window, did = int(esm.get("BatchSize") or 100), float(esm.get("MaximumBatchingWindowInSeconds") or 0), False
    for lane in st["lanes"]:
        if lane.busy or lane.not_before > time.time():
            continue
        if not lane.work:
            if not lane.pending or (window and len(lane.pending) < size and time.time() - lane.since < window):
                continue
            lane.work.append(([lane.pending.popleft() for _ in range(min(size, len(lane.pending)))], 0, 0))
            lane.since = time.time()
        lane.busy = did = True
        threading.Thread(target=contextvars.copy_context().run, args=(_run, lane, esm, func_rec, shard_id), daemon=True).start()
    return did


def _poll(service):
    did = False
    for acct, region, esm in L._iter_all_esms():
        a, r = L._request_account_id.set(acct), L._request_region.set(region)
        try:
            if not esm.get("Enabled", True):
                continue
            try:
                spec = parse_arn(esm.get("EventSourceArn", ""))
            except ArnParseError:
                continue
            if spec.service != service:
                continue
            func_rec, _ = L._get_func_record_for_qualifier(esm["FunctionName"], esm.get("Qualifier"))
            if func_rec is None:
                continue
            key, arn, trim = (acct, region, esm["UUID"]), esm["EventSourceArn"], esm.get("StartingPosition", "LATEST") != "LATEST"
            if service == "kinesis":
                from ministack.services import kinesis
                stream = kinesis._streams.get_scoped(spec.account_id, spec.region, L._kinesis_stream_name_from_arn_spec(spec))
                if not stream or stream["StreamStatus"] != "ACTIVE":
                    continue
                role = (func_rec.get("config") or {}).get("Role", "")
                for sid, shard in list(stream["shards"].items()):
                    def fetch(pos, shard=shard, sid=sid):
                        rs = shard["records"][pos:pos + 5000]
                        return [_kinesis_event_record(x, sid, arn, region, role) for x in rs], pos + len(rs)
                    did = _pump(esm, key, func_rec, sid, fetch, 0 if trim else len(shard["records"])) or did
            else:
                from ministack.services import dynamodb
                name = (L._dynamodb_stream_table_from_arn_spec(spec) or (None,))[0]
                table = name and dynamodb._tables.get(name)
                if not table or table.get("LatestStreamArn") != arn:
                    continue
                start = dynamodb.stream_start_position(name) if trim else L._dynamodb_stream_positions.get(esm["UUID"], dynamodb.stream_end_position(name))
                def fetch(pos, name=name):
                    pos = max(pos, dynamodb.stream_start_position(name))
                    rs = dynamodb.stream_records_since(name, pos, 5000)
                    return list(rs), pos + len(rs)
                did = _pump(esm, key, func_rec, "shardId-00000000000000000000-00000000", fetch, start) or did
        finally:
            L._request_account_id.reset(a)
            L._request_region.reset(r)
    return did


def _due():  # seconds until a batching window or back-off needs another pass
    return any(x.pending or x.work for sh in list(_state.values()) for s in list(sh.values()) for x in s["lanes"] if not x.busy)


def _poll_kinesis():
    did = _poll("kinesis")
    if not did and _due():
        threading.Timer(0.05, L._esm_wake.set).start()
    return did


L._poll_kinesis, L._poll_dynamodb_streams = _poll_kinesis, lambda: _poll("dynamodb")
_release = L._release_esm_poll_state
def _release_esm_poll_state(esm_id):
    for k in [k for k in _state if k[2] == esm_id]:
        _state.pop(k, None)
    _release(esm_id)
L._release_esm_poll_state = _release_esm_poll_state

# keep the thrown error's name (ministack reports Runtime.HandlerError for all), so Step Functions Catch/Retry by name works
RT._NODEJS_WORKER_SCRIPT = RT._NODEJS_WORKER_SCRIPT.replace('trace: err.stack || ""', 'trace: err.stack || "", errorType: err.name').replace("error: e.message, trace: e.stack", "error: e.message, trace: e.stack, errorType: e.name")
_tl, _invoke, _warm = threading.local(), RT.Worker.invoke, L._execute_function_warm
def _patched_invoke(self, *args, **kw):
    res = _invoke(self, *args, **kw)
    _tl.name = res.get("errorType") if res.get("status") == "error" else None
    return res
def _patched_warm(func, event, request_id):
    _tl.name = None
    res = _warm(func, event, request_id)
    if res.get("error") and _tl.name and isinstance(res.get("body"), dict) and res["body"].get("errorType") == "Runtime.HandlerError":
        res["body"]["errorType"] = _tl.name
    return res
RT.Worker.invoke, L._execute_function_warm = _patched_invoke, _patched_warm

# Ref of a secret is its ARN
_secret = P._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
_create_secret, _update_secret, _delete_secret = _secret["create"], _secret["update"], _secret["delete"]


def _name_of_secret(arn):
    return next((name for name, kept in SM._secrets.items() if kept["ARN"] == arn), arn)


def _create(*args):
    _, attributes = _create_secret(*args)
    return attributes["Arn"], attributes


def _update(physical_id, *args, **kw):
    changed = _update_secret(_name_of_secret(physical_id), *args, **kw)
    name, attributes = changed[0], changed[1]
    return (attributes.get("Arn", physical_id) if name else physical_id, *changed[1:])


_secret["create"], _secret["update"] = _create, _update
_secret["delete"] = lambda physical_id, props: _delete_secret(_name_of_secret(physical_id), props)

# a batch of statements is allowed by what each of them does (DynamoDB, "IAM security policies with PartiQL")
_transaction_checks = A.dynamodb_transaction_checks
_statement = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM|SELECT)\b[^"]*"([^"]+)"', re.I)
_action_of = {"INSERT INTO": "PartiQLInsert", "UPDATE": "PartiQLUpdate", "DELETE FROM": "PartiQLDelete", "SELECT": "PartiQLSelect"}


def _checks(iam_action, body, region, account_id):
    if iam_action != "dynamodb:BatchExecuteStatement":
        return _transaction_checks(iam_action, body, region, account_id)
    found = [_statement.match(one["Statement"]) for one in json.loads(body)["Statements"]]
    return [(f"dynamodb:{_action_of[m[1].upper()]}", A._dynamodb_table_arn(m[2], region, account_id)) for m in found]


A.dynamodb_transaction_checks = _checks

# what statements write goes out on the stream of the table, too
_set_item, _remove_item, _batch = D._set_item, D._remove_item, D._batch_execute_statement
_in_statements = contextvars.ContextVar("in statements", default=False)


def _told(write, table, pk, sk, *item):
    old = copy.deepcopy(table["items"].get(pk, {}).get(sk)) if _in_statements.get() else None
    write(table, pk, sk, *item)
    if _in_statements.get():
        D._emit_stream_event(table["TableName"], "REMOVE" if not item else "MODIFY" if old else "INSERT", old, item[0] if item else None)


def _execute_batch(data):
    token = _in_statements.set(True)
    try:
        return _batch(data)
    finally:
        _in_statements.reset(token)


D._set_item = lambda *args: _told(_set_item, *args)
D._remove_item = lambda *args: _told(_remove_item, *args)
D._batch_execute_statement = _execute_batch

# rows for Iceberg tables go nowhere: it would ask the network for an extension of DuckDB with each of them
FIREHOSE._deliver_to_iceberg = lambda stream, destination, records: None

# under TLS the authorizer would ask its own pools for their keys in plain text
async def _fetch_keys(url):
    pool = re.search(r"/([^/]+)/\.well-known/jwks\.json$", url)[1]
    return json.loads(COGNITO.well_known_jwks(pool)[2])


GATEWAY._fetch_jwks = _fetch_keys

# what is asked of a query is allowed for its workgroup (Service Authorization Reference, Amazon Athena)
_resource_arn = A.extract_resource_arn


def _resource_of(service, method, path, headers, body, *args):
    query = ATHENA._executions.get(json.loads(body).get("QueryExecutionId")) if service == "athena" else None
    asked = json.dumps({"WorkGroup": query["WorkGroup"]}).encode() if query else body
    return _resource_arn(service, method, path, headers, asked, *args)


A.extract_resource_arn = _resource_of

# whatever is refused is on record, even if who asked for it keeps quiet
_access_denied = A.access_denied_response


def _refuse(service, action, principal_arn, *args, **kw):
    if not kw.get("error_code"):
        L.logger.warning("refused: %s, %s", principal_arn, action)
    return _access_denied(service, action, principal_arn, *args, **kw)


A.access_denied_response = _refuse


def _end_with_parent():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    from ministack.app import main
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main()
