import pg from "pg";
const P = pg.Client.prototype as any;
const orig = P.query;
const pending = new WeakSet();
P.query = function (...args: any[]) {
  const stream = this.connection.stream;
  if (!pending.has(stream)) {
    pending.add(stream);
    stream.cork();
    queueMicrotask(() => {
      pending.delete(stream);
      stream.uncork();
    });
  }
  return orig.apply(this, args);
};
