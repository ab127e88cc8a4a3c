/** What a touchpoint says of where it came from. */
export type Origin = {
  campaign?: { id?: string | undefined; source?: string | undefined; medium?: string | undefined } | undefined
  location?: { page?: string | undefined; referrer?: string | undefined } | undefined
}

type Kind = 'shopping' | 'search' | 'social' | 'video'

/** Names, each a label of a host or a source by itself; of names that are too short whole hosts. */
const sites: Readonly<Record<Kind, ReadonlySet<string>>> = {
  shopping: words('aliexpress alibaba amazon ebay etsy idealo mercadolibre rakuten shopify walmart zalando'),
  search: words(
    'aol ask baidu bing brave daum duckduckgo ecosia google naver qwant seznam sogou startpage yahoo yandex',
  ),
  social: words(
    `bluesky bsky.app facebook fb instagram line.me linkedin lnkd.in mastodon messenger pinterest quora reddit snapchat
    t.co t.me telegram threads tiktok tumblr twitter viber vk vkontakte wechat weibo whatsapp x.com xing`,
  ),
  video: words('dailymotion disneyplus hulu netflix twitch vimeo youtu.be youtube'),
}

const isPaid = /^(.*cp.*|ppc|retargeting|paid.*)$/
const isShoppingCampaign = /^(.*(([^a-df-z]|^)shop|shopping).*)$/
const isEmail = /^e[-_ ]?mail$/

/** By exact medium, in the order of the definition where it does not matter. */
const byMedium: Readonly<Record<string, string>> = {
  referral: 'referral',
  app: 'referral',
  link: 'referral',
  affiliate: 'affiliates',
  audio: 'audio',
  sms: 'sms',
}

/**
 * The channel group of a touchpoint by its own campaign or referrer; null if it has neither. The names are those of
 * GA4's default channel group in small letters, the rules its rules for manual traffic (Google Analytics Help, "[GA4]
 * Default channel group"); of its list of sites the ones that are known in most countries. A referrer on the page's own
 * site is none.
 */
export function ownChannelGroup({ campaign, location }: Origin): string | null {
  const referrer = foreignHost(location)
  const named = campaign && Object.values(campaign).some((value) => value !== undefined)
  if (!named && referrer === null) return null
  const source = (campaign?.source ?? referrer ?? '').toLowerCase()
  const medium = (
    campaign?.medium ?? (campaign?.source === undefined && referrer ? 'referral' : '')
  ).toLowerCase()
  return groupOf({ source, medium, campaign: (campaign?.id ?? '').toLowerCase() })
}

type Traffic = { source: string; medium: string; campaign: string }

function groupOf({ source, medium, campaign }: Traffic): string {
  if (source === '(direct)' && ['', '(none)', '(not set)'].includes(medium)) return 'direct'
  const kind = kindOf(source) ?? (isShoppingCampaign.test(campaign) ? 'shopping' : null)
  if (kind !== null && isPaid.test(medium)) return `paid_${kind}`
  if (['display', 'banner', 'expandable', 'interstitial', 'cpm'].includes(medium)) return 'display'
  if (isPaid.test(medium)) return 'paid_other'
  if (kind === 'shopping') return 'organic_shopping'
  if (kind === 'social' || /^(social([- ](network|media))?|sm)$/.test(medium)) return 'organic_social'
  if (kind === 'video' || medium.includes('video')) return 'organic_video'
  if (kind === 'search' || medium === 'organic') return 'organic_search'
  if (isEmail.test(source) || isEmail.test(medium)) return 'email'
  if (source === 'sms') return 'sms'
  if (/push$|mobile|notification/.test(medium) || source === 'firebase') return 'mobile_push_notifications'
  return byMedium[medium] ?? 'unassigned'
}

function kindOf(source: string): Kind | null {
  const labels = source.split('.')
  const isOf = (names: ReadonlySet<string>) =>
    labels.some((label) => names.has(label)) || names.has(labels.slice(-2).join('.'))
  if (isOf(sites.shopping)) return 'shopping'
  if (isOf(sites.search)) return 'search'
  if (isOf(sites.social)) return 'social'
  return isOf(sites.video) ? 'video' : null
}

function foreignHost(location: Origin['location']): string | null {
  const [from, page] = [hostOf(location?.referrer), hostOf(location?.page)]
  if (from === null || page === null) return from
  const isSame = from === page || from.endsWith(`.${page}`) || page.endsWith(`.${from}`)
  return isSame ? null : from
}

function hostOf(address: string | undefined): string | null {
  const url = address === undefined ? null : URL.parse(address)
  return url === null || url.hostname === '' ? null : url.hostname.replace(/^www\./, '')
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
