import { triggerNameSchema, type TriggerKind } from "@live-orders/protocol/agent-message";
import { z } from "zod";

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `30m`, `24h`, `3d` in milliseconds. */
const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, "must be a time such as 30m, 24h or 3d")
  .transform((text) => {
    const found = Object.entries(UNITS).find(([unit]) => text.endsWith(unit));
    return Number.parseInt(text, 10) * (found?.[1] ?? 0);
  });

const shared = {
  /** The kind, unless it says otherwise; it is what makes a cause unique, so it must stay what it is. */
  name: triggerNameSchema.optional(),
  enabled: z.boolean().default(true),
  /** Its messages are sent without a person's approval. */
  auto_send: z.boolean().default(false),
};

const triggerSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ ...shared, kind: z.literal("pending-too-long"), after: durationSchema }),
    z.strictObject({ ...shared, kind: z.literal("became-shipped") }),
    z.strictObject({ ...shared, kind: z.literal("became-delivered") }),
  ])
  .transform((trigger) => ({ ...trigger, name: trigger.name ?? trigger.kind }));

export type Trigger = z.infer<typeof triggerSchema>;
export type AgeTrigger = Extract<Trigger, { kind: "pending-too-long" }>;
export type MoveTrigger = Exclude<Trigger, AgeTrigger>;

/** What the operator's file holds. */
export const triggerFileSchema = z.strictObject({
  triggers: z
    .array(triggerSchema)
    .max(20)
    .refine(
      (triggers) => new Set(triggers.map(({ name }) => name)).size === triggers.length,
      "must have a name of its own each",
    ),
});

const DAY = UNITS.d;
const usual = { auto_send: false } as const;

export const DEFAULT_TRIGGERS: readonly Trigger[] = [
  { ...usual, kind: "pending-too-long", name: "pending-too-long", enabled: true, after: DAY },
  { ...usual, kind: "became-shipped", name: "became-shipped", enabled: true },
  { ...usual, kind: "became-delivered", name: "became-delivered", enabled: false },
];

/** The status that a change must lead to, by the trigger's kind. */
export const REACHED = {
  "became-shipped": "shipped",
  "became-delivered": "delivered",
} as const satisfies Record<Exclude<TriggerKind, "pending-too-long">, string>;

export const isAgeTrigger = (trigger: Trigger): trigger is AgeTrigger => trigger.kind === "pending-too-long";
export const isMoveTrigger = (trigger: Trigger): trigger is MoveTrigger => !isAgeTrigger(trigger);
