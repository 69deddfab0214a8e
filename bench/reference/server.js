// The reference: socket.io sends each post to everybody and stores nothing.
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer((_, response) => response.end("ready"));
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
let version = 0;

io.on("connection", (socket) => {
  socket.join("everybody");
  socket.on("post", ({ conversation, key, body }, answer) => {
    version += 1;
    const message = {
      conversation, seq: version, version, author: socket.id, key, body, created_at: Date.now(),
      edited_at: null, deleted: false, reply_to: null, attachments: [], reactions: [], system: null,
    };
    io.to("everybody").emit("message", { conversation, version, message });
    answer({ ok: true, message });
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");
