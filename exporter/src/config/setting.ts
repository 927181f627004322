import { z } from "zod";

/** What the help, the README and an error say about one environment variable. */
export interface SettingText {
  /** Name of the environment variable. */
  readonly variable: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The value used when the variable is not set, as a user would write it; undefined when none. */
  readonly default?: string;
  /** One line: what it does. */
  readonly description: string;
  /** Secret values are never printed. */
  readonly secret?: true;
}

const texts = z.registry<SettingText>();

/** A setting that always has a value: the variable's, else the text's default. */
export function setting<T>(
  type: z.ZodType<T, string>,
  text: SettingText & { readonly default: string },
): z.ZodType<T, string | undefined> {
  return type.prefault(text.default).register(texts, text);
}

/** A setting that may be absent. */
export function optionalSetting<T>(
  type: z.ZodType<T, string>,
  text: Omit<SettingText, "default">,
): z.ZodType<T | undefined, string | undefined> {
  return type.optional().register(texts, text);
}

/**
 * The text of a setting.
 *
 * @throws Error when the schema was not made by {@link setting} or {@link optionalSetting}
 */
export function textOf(schema: z.ZodType): SettingText {
  const text = texts.get(schema);
  if (!text) throw new Error("this schema is not a setting: make it with setting()");
  return text;
}
