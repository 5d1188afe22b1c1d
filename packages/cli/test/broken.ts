/** A good project, from which the broken ones are made. */
export const GOOD_FILES: Readonly<Record<string, string>> = {
  "accounts.csv": "email,password\na@x.example,one\nb@x.example,two\nc@x.example,three\n",
  "own.md": "Be quick.\n",
  "api.yaml": `openapi: 3.1.0
info: { title: Shop, version: "1" }
paths:
  /login: { post: { responses: { "200": { description: In } } } }
  /orders: { post: { responses: { "201": { description: Made } } } }
  /orders/{id}: { get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { "200": { description: One } } } }
`,
};

export const GOOD_CONFIG = `version: 1
runtime: embedded
seed: 7
targets:
  shop:
    kind: rest
    baseUrl: http://127.0.0.1:9
    spec: ./api.yaml
    auth: none
    allow: ["GET /**", "POST /orders"]
    timeouts: { connect: 1s, total: 5s }
    retries: { attempts: 2 }
  stock:
    baseUrl: http://127.0.0.1:9/stock
inference:
  provider: simulated
  instructions: ./own.md
  temperature: 0
goals:
  - name: buy
    weight: 2
    prompt: Log in, order a lamp, look at the order.
    data: { file: ./accounts.csv, unique: true, secret: [password] }
    success:
      - action: { operation: "shop: POST /orders", status: 201, capture: { order: $.id } }
      - probe: { operation: "shop: GET /orders/{order}", expect: { status: 200 } }
    budget: { steps: 30, time: 2m, tokens: 40000 }
  - name: look
    prompt: Look at the stock.
    success:
      - action: { operation: "stock: GET /" }
load:
  agents: 3
  duration: 1m
  rampUp: 5s
  thinkTime: { lognormal: { median: 400ms, p95: 2s } }
thresholds:
  session_success: ["rate>0.95"]
  action_duration{target:"shop"}: ["p(95)<500ms"]
`;
