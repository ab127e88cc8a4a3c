/** As events name it: what does not fit into the key of an item is no campaign. */
export const isCampaignId = (id: string): boolean =>
  id !== '' && Buffer.byteLength(id) <= 400 && !/\p{Cc}/u.test(id)
