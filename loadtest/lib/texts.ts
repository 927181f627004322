import { SharedArray } from "k6/data";
import { readTexts, type Text } from "../data/messages.ts";

const FOLDER = "../../exporter/models/sentiment/data";
const FILES = ["movie-snippets.tsv", "product-reviews.tsv", "tweets.tsv"];

/** The datasets' texts, once for all virtual users. */
export const texts = new SharedArray<Text>("texts", () =>
  readTexts(FILES.map((file) => open(import.meta.resolve(`${FOLDER}/${file}`)))),
);
