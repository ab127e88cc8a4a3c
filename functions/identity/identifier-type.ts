/** Identifier types that name another type's hashed form. */
export const hashedForms = { email_sha256: 'email', phone_sha256: 'phone' } as const

export function baseType(type: string): string {
  return type === 'email_sha256' || type === 'phone_sha256' ? hashedForms[type] : type
}
