// What jose (npm) encrypts and decrypts, for jwe_libraries_test.py: one list of tasks on standard input, one object of
// answers by name on standard output. The argument names the package.
const jose = await import(process.argv[2])

const octets = (text) => new TextEncoder().encode(text)
const text = (bytes) => new TextDecoder().decode(bytes)

async function keyOf (task) {
  return await jose.importJWK(task.key, task.alg === 'dir' ? task.enc : task.alg)
}

const header = (task) => ({ alg: task.alg, enc: task.enc })

async function encrypt (task) {
  const key = await keyOf(task)
  const plaintext = octets(task.plaintext)
  const parameters = task.alg.startsWith('PBES2') ? { p2c: 2000 } : undefined
  if (task.form === 'general') {
    const message = new jose.GeneralEncrypt(plaintext).setProtectedHeader({ enc: task.enc })
    const recipient = message.addRecipient(key).setUnprotectedHeader({ alg: task.alg })
    if (parameters) recipient.setKeyManagementParameters(parameters)
    return await message.encrypt()
  }
  const Form = task.form === 'flattened' ? jose.FlattenedEncrypt : jose.CompactEncrypt
  const message = new Form(plaintext).setProtectedHeader(header(task))
  if (parameters) message.setKeyManagementParameters(parameters)
  if (task.form === 'flattened') message.setAdditionalAuthenticatedData(octets('in the clear'))
  return await message.encrypt(key)
}

async function decrypt (task) {
  const read = { compact: jose.compactDecrypt, flattened: jose.flattenedDecrypt, general: jose.generalDecrypt }[task.form]
  const options = { keyManagementAlgorithms: [task.alg], contentEncryptionAlgorithms: [task.enc] }
  return text((await read(task.message, await keyOf(task), options)).plaintext)
}

let input = ''
for await (const chunk of process.stdin) input += chunk
const answers = {}
for (const task of JSON.parse(input)) {
  try {
    answers[task.name] = { answer: await (task.message === undefined ? encrypt : decrypt)(task) }
  } catch (error) {
    answers[task.name] = { error: String(error) }
  }
}
process.stdout.write(JSON.stringify(answers))
