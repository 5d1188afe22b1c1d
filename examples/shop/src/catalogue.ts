import { fraction, opaqueId, pick, scramble } from "./seeded.ts";

/** One product. Prices are whole cents inside the shop, dollars in its answers. */
export interface Product {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly cents: number;
  stock: number;
}

/** A product as the shop's answers show it. */
export interface ProductView {
  productId: string;
  title: string;
  category: string;
  priceUsd: number;
  inStock: boolean;
}

const FINISH = [
  "Enamel",
  "Walnut",
  "Linen",
  "Copper",
  "Canvas",
  "Bamboo",
  "Ceramic",
  "Steel",
  "Cork",
  "Wool",
  "Glass",
];
const WARES: ReadonlyArray<readonly [string, string]> = [
  ["kettle", "kitchen"],
  ["bread board", "kitchen"],
  ["mixing bowl", "kitchen"],
  ["desk lamp", "office"],
  ["pen tray", "office"],
  ["book stand", "office"],
  ["backpack", "travel"],
  ["wash bag", "travel"],
  ["flask", "travel"],
  ["blanket", "home"],
  ["wall clock", "home"],
  ["plant pot", "home"],
  ["stool", "home"],
];

/** So large that no demo runs dry. */
const PLENTY = 1_000_000;
/** Lists kept ready by search words; past it the oldest goes. */
const MAX_LISTS = 500;

/** Every third product costs less than 50 dollars; one in twenty is sold out from the start. */
function productAt(index: number, seed: number): Product {
  const [ware, category] = pick(WARES, seed, index, 2, 1);
  const cheap = (index + seed) % 3 === 0;
  const cents = cheap
    ? 499 + (scramble(seed, index, 2, 2) % 4500)
    : 5000 + (scramble(seed, index, 2, 3) % 35000);
  return {
    id: opaqueId("prd", seed, index, 2),
    title: `${pick(FINISH, seed, index, 2, 4)} ${ware} No. ${index + 1}`,
    category,
    cents,
    stock: fraction(seed, index, 2, 5) < 0.05 ? 0 : PLENTY,
  };
}

/** What the shop sells. Lookups go through maps; a search scans once and is then kept ready. */
export class Catalogue {
  readonly #products: Product[];
  readonly #byId: Map<string, Product>;
  readonly #lists = new Map<string, ProductView[]>();

  constructor(count: number, seed: number) {
    this.#products = Array.from({ length: count }, (_, index) => productAt(index, seed));
    this.#byId = new Map(this.#products.map((product) => [product.id, product]));
  }

  get(id: string): Product | undefined {
    return this.#byId.get(id);
  }

  /** The products whose title or category contains `words` (any case), in the catalogue's order. */
  search(words: string, inStock: boolean | undefined): readonly ProductView[] {
    const key = `${inStock ?? ""}|${words.toLowerCase()}`;
    const ready = this.#lists.get(key);
    if (ready !== undefined) return ready;
    const wanted = words.toLowerCase();
    const found = this.#products
      .filter((product) => `${product.title} ${product.category}`.toLowerCase().includes(wanted))
      .map(viewOf)
      .filter((view) => inStock === undefined || view.inStock === inStock);
    if (this.#lists.size >= MAX_LISTS) this.#lists.delete(this.#lists.keys().next().value as string);
    this.#lists.set(key, found);
    return found;
  }

  /** Takes `quantity` off the shelf. The caller has checked that there is enough. */
  sell(product: Product, quantity: number): void {
    product.stock -= quantity;
    if (product.stock === 0) this.#lists.clear();
  }
}

export function viewOf(product: Product): ProductView {
  return {
    productId: product.id,
    title: product.title,
    category: product.category,
    priceUsd: product.cents / 100,
    inStock: product.stock > 0,
  };
}
