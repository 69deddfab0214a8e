// The official JavaScript client in the hands of a test: each line on standard input is an order,
// each line on standard output says what happened. Both are JSON.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const PATIENCE = 10_000;

let socket;

function say(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

function happened(name, payload = null) {
  say({ name, payload, transport: socket.io.engine?.transport.name ?? null });
}

// JSON has no binary: {"base64": "…"} stands for it.
function withBinary(_key, value) {
  return typeof value?.base64 === "string" ? Buffer.from(value.base64, "base64") : value;
}

const orders = {
  connect({ url, options }) {
    socket = io(url, { forceNew: true, ...options });
    socket.io.on("open", () => {
      happened("open");
      socket.io.engine.on("upgrade", () => happened("upgrade"));
    });
    socket.on("connect", () => happened("connect"));
    socket.on("connect_error", (error) => happened("connect_error", { message: error.message }));
    socket.on("disconnect", (reason) => happened("disconnect", reason));
    socket.onAny(happened);
  },
  connectAgain({ auth }) {
    socket.auth = auth;
    socket.connect();
  },
  async call({ number, event, args }) {
    const answer = await socket.timeout(PATIENCE).emitWithAck(event, ...args);
    say({ number, answer });
  },
  leave() {
    socket?.disconnect();
    process.exit();
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { order, ...given } = JSON.parse(line, withBinary);
  orders[order](given);
});
