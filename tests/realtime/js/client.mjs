// The official JavaScript client against examples/echo.py: `node client.mjs http://127.0.0.1:3000`.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const url = process.argv[2];

function next(socket, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} in time`)), 5000);
    socket.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

function connect(namespace, options) {
  return io(url + namespace, { forceNew: true, ...options });
}

async function joined(namespace, options) {
  const socket = connect(namespace, options);
  const auth = next(socket, "auth");
  await next(socket, "connect");
  await auth;
  return socket;
}

async function talksBothWays(namespace, transports) {
  const socket = connect(namespace, { transports, auth: { token: "abc" } });
  const auth = next(socket, "auth");
  await next(socket, "connect");
  assert.deepEqual(await auth, [{ token: "abc" }]);

  const args = [1, "2 žluťoučký 🐎", { 3: [true, null] }, "x".repeat(100_000)];
  socket.emit("message", ...args);
  assert.deepEqual(await next(socket, "message-back"), args);

  const acknowledged = await new Promise((resolve) =>
    socket.emit("message-with-ack", 1, { a: [2] }, (...answer) => resolve(answer)),
  );
  assert.deepEqual(acknowledged, [1, { a: [2] }]);
  assert.equal(await socket.timeout(5000).emitWithAck("message-with-ack", "one"), "one");

  socket.emit("message", Buffer.from([1, 2, 3]), { deep: [Buffer.from("four")] });
  const [first, second] = await next(socket, "message-back");
  assert.deepEqual(Buffer.from(first), Buffer.from([1, 2, 3]));
  assert.deepEqual(Buffer.from(second.deep[0]), Buffer.from("four"));
  const bytes = await socket.timeout(5000).emitWithAck("message-with-ack", Buffer.from("x"));
  assert.deepEqual(Buffer.from(bytes), Buffer.from("x"));

  socket.disconnect();
}

async function survivesHeartbeats(transports) {
  const socket = await joined("/", { transports });
  let lost = false;
  socket.on("disconnect", () => (lost = true));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.equal(lost, false);
  assert.equal(await socket.timeout(5000).emitWithAck("message-with-ack", "alive"), "alive");
  socket.disconnect();
}

async function upgradesAndKeepsEveryMessage() {
  const socket = await joined("/", { transports: ["polling", "websocket"] });
  const upgraded =
    socket.io.engine.transport.name === "websocket"
      ? Promise.resolve()
      : next(socket.io.engine, "upgrade");
  const received = [];
  socket.on("message-back", (number) => received.push(number));
  const expected = Array.from({ length: 500 }, (_, number) => number);
  for (const number of expected) {
    socket.emit("message", number);
    if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await upgraded;
  assert.equal(await socket.timeout(5000).emitWithAck("message-with-ack", "end"), "end");
  assert.deepEqual(received, expected);
  assert.equal(socket.io.engine.transport.name, "websocket");
  socket.disconnect();
}

async function isRefused() {
  const socket = connect("/random", {});
  const [error] = await next(socket, "connect_error");
  assert.equal(error.message, "Invalid namespace");
  socket.disconnect();
}

async function reconnects(transports) {
  const socket = await joined("/custom", { transports, reconnectionDelay: 20 });
  const before = socket.id;
  const gone = next(socket, "disconnect");
  socket.io.engine.close();
  await gone;
  await next(socket, "connect");
  assert.notEqual(socket.id, before);
  assert.equal(await socket.timeout(5000).emitWithAck("message-with-ack", "back"), "back");
  socket.disconnect();
}

async function sharesOneConnection() {
  const main = io(url, { transports: ["websocket"] });
  const custom = main.io.socket("/custom");
  await Promise.all([next(main, "connect"), next(custom, "connect")]);
  custom.disconnect();
  assert.equal(await main.timeout(5000).emitWithAck("message-with-ack", "still"), "still");
  custom.connect();
  await next(custom, "connect");
  main.disconnect();
  custom.disconnect();
}

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  await talksBothWays("/", transports);
  await talksBothWays("/custom", transports);
  await reconnects(transports);
}
await Promise.all([survivesHeartbeats(["websocket"]), survivesHeartbeats(["polling"])]);
await upgradesAndKeepsEveryMessage();
await isRefused();
await sharesOneConnection();
console.log("all is well");
