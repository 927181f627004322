import { createContext } from "react";
import type { Annotation } from "../query/run-annotations.ts";

/** What is marked on every graph of the page. */
export const AnnotationsContext = createContext<readonly Annotation[]>([]);
