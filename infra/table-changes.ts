import { FilterRule } from 'aws-cdk-lib/aws-lambda'

const ofNode = { pk: { S: FilterRule.beginsWith('N#') } }

/** The changes of tables that functions are called for, as event patterns; their keys are in functions/store/keys.ts. */
export const tableChanges = {
  newTouchpoint: { eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys: ofNode } },
  changedPerson: {
    eventName: FilterRule.isEqual('MODIFY'),
    dynamodb: { Keys: { ...ofNode, sk: { S: FilterRule.isEqual('N') } } },
  },
  /** A touchpoint, of somebody or nobody, or a quarantined record; not that one expires. */
  storedEvent: {
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: { pk: { S: ['N#', 'X#', 'Q#'].flatMap(FilterRule.beginsWith) } } },
  },
  writtenNode: {
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: { Keys: { ...ofNode, sk: { S: FilterRule.isEqual('N') } } },
  },
  /** A refused identifier that connects two nodes as a household. */
  writtenHousehold: {
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('I#') }, sk: { S: FilterRule.beginsWith('H#') } } },
  },
  /** Whatever is stored of a person's journeys, also that it goes. */
  changedJourneys: { dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('P#') } } } },
  writtenCampaign: {
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: { Keys: { pk: { S: FilterRule.isEqual('K') } } },
  },
  /** A checkpoint that tells something; without a count of what it tells, it is older than the events. */
  toldEvents: {
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: {
      Keys: { sk: { S: FilterRule.isEqual('C') } },
      NewImage: { e: { N: FilterRule.notEquals('0') } },
    },
  },
} as const
