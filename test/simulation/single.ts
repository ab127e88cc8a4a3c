import type {
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb'
import { conditionFailed, notSimulated, transactionConflict } from './failure.ts'
import { readItem } from './read.ts'
import { capacity, type Request } from './request.ts'
import { copyItem, type Item } from './value.ts'
import { charge, commit, deleteWrite, type Plan, plan, putWrite, updateWrite, type Write } from './write.ts'

export function getItem(request: Request, input: GetItemInput): GetItemOutput {
  const table = request.table(input.TableName)
  const item = readItem(request, { ...input, table, key: input.Key ?? {} })
  return { ...(item && { Item: item }), ...capacity(request.meter, input.ReturnConsumedCapacity) }
}

export function putItem(request: Request, input: PutItemInput): PutItemOutput {
  return answer(request, input, apply(request, putWrite(request, input)))
}

export function updateItem(request: Request, input: UpdateItemInput): UpdateItemOutput {
  return answer(request, input, apply(request, updateWrite(request, input)))
}

export function deleteItem(request: Request, input: DeleteItemInput): DeleteItemOutput {
  return answer(request, input, apply(request, deleteWrite(request, input)))
}

function apply(request: Request, write: Write): Plan {
  if (request.chance.isContended()) throw transactionConflict()
  const planned = plan(write)
  charge(request, planned)
  if (planned.isRefused) throw conditionFailed(write.showsItem ? copyOf(planned.before?.item) : undefined)
  commit(planned)
  return planned
}

type Wanted = { ReturnValues?: string | undefined; ReturnConsumedCapacity?: string | undefined }

function answer({ meter }: Request, wanted: Wanted, planned: Plan): PutItemOutput {
  const attributes = attributesOf(wanted.ReturnValues ?? 'NONE', planned)
  return { ...(attributes && { Attributes: attributes }), ...capacity(meter, wanted.ReturnConsumedCapacity) }
}

function attributesOf(wanted: string, { before, after }: Plan): Item | undefined {
  if (wanted === 'NONE') return undefined
  if (wanted === 'ALL_OLD') return copyOf(before?.item)
  if (wanted === 'ALL_NEW') return copyOf(after?.item)
  throw notSimulated(`ReturnValues ${wanted}`)
}

function copyOf(item: Item | undefined): Item | undefined {
  return item && copyItem(item)
}
