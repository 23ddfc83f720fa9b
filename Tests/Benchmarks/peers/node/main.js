// main.js PORT: Node's http module, answering GET /plaintext.
const http = require("node:http");

const hello = Buffer.from("Hello, World!");

http.createServer((request, response) => {
  const found = request.url === "/plaintext";
  const body = found ? hello : "Not Found";
  response.writeHead(found ? 200 : 404, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": body.length });
  response.end(body);
}).listen(Number(process.argv[2]), "127.0.0.1");
