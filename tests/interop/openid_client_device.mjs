// A device with openid-client: initiateDeviceAuthorization and pollDeviceAuthorizationGrant, while a person answers, in the
// first seconds of the polling. Environment: ISSUER, CLIENT_ID, CLIENT_SECRET (none: a public client), USERNAME, PASSWORD,
// ANSWER (allow or deny). Prints what was learnt as JSON.
import * as client from 'openid-client'
import { person } from './person.mjs'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, USERNAME, PASSWORD, ANSWER } = process.env

const config = await client.discovery(new URL(ISSUER), CLIENT_ID, undefined,
  CLIENT_SECRET ? client.ClientSecretBasic(CLIENT_SECRET) : client.None())
const codes = await client.initiateDeviceAuthorization(config, { scope: 'openid email offline_access' })
const polling = client.pollDeviceAuthorizationGrant(config, codes).catch((refusal) => refusal)
await person(new URL(codes.verification_uri), (_, page) => page?.includes('id="device-done"'), [
  ['device-code-submit', { user_code: codes.user_code }],
  ['login-submit', { username: USERNAME, password: PASSWORD }],
  [`device-${ANSWER}`, {}],
])
const tokens = await polling
if (tokens instanceof Error) {
  console.log(JSON.stringify({ codes, error: tokens.error ?? tokens.message }))
} else {
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
  console.log(JSON.stringify({ codes, id_token: tokens.claims(), userinfo, refreshed: refreshed.access_token !== undefined }))
}
