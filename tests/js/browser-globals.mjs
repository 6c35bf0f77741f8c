// What every browser has and the Node of Debian 12 does not: loaded before the tests (see the Makefile).
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
