import { SharedArray } from "k6/data";
import { readTexts, type Text } from "../plan/messages.ts";

/** Reviews and posts of the embedded model's data; NOTICE says whose they are. */
const FOLDER = "../../exporter/models/sentiment/data";
const FILES = ["movie-snippets.tsv", "product-reviews.tsv", "tweets.tsv"];

/** The datasets' texts, once for all virtual users. */
export const texts = new SharedArray<Text>("texts", () =>
  readTexts(FILES.map((file) => open(import.meta.resolve(`${FOLDER}/${file}`)))),
);
