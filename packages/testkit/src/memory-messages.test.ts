import { MemoryMessages } from "./memory-messages.ts";
import { describeMessageContract } from "./message-contract.ts";

describeMessageContract("memory", () => {
  const messages = new MemoryMessages();
  return Promise.resolve({ open: () => Promise.resolve(messages), dispose: () => messages.close() });
});
