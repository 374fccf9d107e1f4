// What `jose` (npm) makes of our signatures, and signatures of its own: one JSON list of orders on standard input, one
// list of answers on standard output. An order that fails is answered with {"error": code}. The argument names the package.
const { CompactSign, compactVerify, FlattenedSign, flattenedVerify, GeneralSign, generalVerify, importJWK } =
  await import(process.argv[2]);

const text = (octets) => new TextDecoder().decode(octets);
const octets = (payload) => new TextEncoder().encode(payload);

async function sign({ form, alg, key, payload }) {
  const secret = await importJWK(key, alg);
  const header = { alg, kid: key.kid };
  if (form === "compact") return new CompactSign(octets(payload)).setProtectedHeader(header).sign(secret);
  if (form === "general") {
    return JSON.stringify(await new GeneralSign(octets(payload)).addSignature(secret).setProtectedHeader(header).sign());
  }
  if (form === "unencoded") Object.assign(header, { b64: false, crit: ["b64"] });
  const jws = await new FlattenedSign(octets(payload)).setProtectedHeader(header).sign(secret);
  if (form === "unencoded") delete jws.payload; // detached
  return JSON.stringify(jws);
}

async function verify({ form, alg, key, payload, jws }) {
  const secret = await importJWK(key, alg);
  const options = { algorithms: [alg], crit: { b64: true } };
  if (form === "compact") return text((await compactVerify(jws, secret, options)).payload);
  if (form === "general") return text((await generalVerify(JSON.parse(jws), secret, options)).payload);
  const flattened = JSON.parse(jws);
  if (form === "unencoded") flattened.payload = payload;
  return text((await flattenedVerify(flattened, secret, options)).payload);
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const order of JSON.parse(input)) {
  try {
    answers.push({ result: await (order.do === "sign" ? sign(order) : verify(order)) });
  } catch (error) {
    answers.push({ error: error.code || error.name });
  }
}
process.stdout.write(JSON.stringify(answers));
