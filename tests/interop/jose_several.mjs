// What jose (npm) does with messages for or of several, for several_test.py: one task on standard input, its answer on
// standard output.
import * as jose from 'jose'

const octets = (text) => new TextEncoder().encode(text)
const text = (bytes) => new TextDecoder().decode(bytes)
const keyOf = ({ key, alg }) => jose.importJWK(key, alg)

const tasks = {
  async encrypt ({ text, aad, recipients }) {
    const message = new jose.GeneralEncrypt(octets(text)).setProtectedHeader({ enc: 'A128CBC-HS256' })
      .setAdditionalAuthenticatedData(octets(aad))
    for (const recipient of recipients) {
      message.addRecipient(await keyOf(recipient)).setUnprotectedHeader({ alg: recipient.alg, kid: recipient.key.kid })
    }
    return await message.encrypt()
  },
  async decrypt ({ message, key, alg }) {
    return text((await jose.generalDecrypt(message, await keyOf({ key, alg }))).plaintext)
  },
  async agree ({ text, key, alg, apu, apv }) {
    return await new jose.CompactEncrypt(octets(text)).setProtectedHeader({ alg, enc: 'A128GCM' })
      .setKeyManagementParameters({ apu: octets(apu), apv: octets(apv) }).encrypt(await keyOf({ key, alg }))
  },
  async sign ({ text, signers }) {
    const message = new jose.GeneralSign(octets(text))
    for (const signer of signers) {
      message.addSignature(await keyOf(signer)).setProtectedHeader({ alg: signer.alg, kid: signer.key.kid })
    }
    return await message.sign()
  },
  async verify ({ message, key, alg }) {
    return text((await jose.generalVerify(message, await keyOf({ key, alg }), { algorithms: [alg] })).payload)
  },
  async nest ({ claims, signer, recipient }) {
    const inner = await new jose.SignJWT(claims).setProtectedHeader({ alg: signer.alg }).sign(await keyOf(signer))
    return await new jose.CompactEncrypt(octets(inner))
      .setProtectedHeader({ alg: recipient.alg, enc: 'A256GCM', cty: 'JWT' }).encrypt(await keyOf(recipient))
  },
  async unnest ({ message, signer, recipient }) {
    const inner = text((await jose.compactDecrypt(message, await keyOf(recipient))).plaintext)
    return (await jose.jwtVerify(inner, await keyOf(signer), { algorithms: [signer.alg] })).payload
  }
}

let input = ''
for await (const chunk of process.stdin) input += chunk
const order = JSON.parse(input)
process.stdout.write(JSON.stringify(await tasks[order.task](order)))
