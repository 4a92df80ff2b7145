import type { Language } from "../data/types.js";

/** Trees of our streets and parks: botanical, German, English. Of a genus alone its own name. */
const NAMES = `
Abies|Tanne|fir
Abies alba|Weiß-Tanne|silver fir
Acer|Ahorn|maple
Acer campestre|Feld-Ahorn|field maple
Acer negundo|Eschen-Ahorn|box elder
Acer platanoides|Spitz-Ahorn|Norway maple
Acer pseudoplatanus|Berg-Ahorn|sycamore maple
Acer saccharinum|Silber-Ahorn|silver maple
Aesculus|Rosskastanie|horse chestnut
Aesculus carnea|Rotblühende Rosskastanie|red horse chestnut
Aesculus hippocastanum|Gewöhnliche Rosskastanie|horse chestnut
Ailanthus altissima|Götterbaum|tree of heaven
Alnus|Erle|alder
Alnus glutinosa|Schwarz-Erle|black alder
Amelanchier|Felsenbirne|serviceberry
Betula|Birke|birch
Betula pendula|Hänge-Birke|silver birch
Carpinus|Hainbuche|hornbeam
Carpinus betulus|Hainbuche|hornbeam
Catalpa|Trompetenbaum|catalpa
Celtis|Zürgelbaum|hackberry
Corylus|Hasel|hazel
Corylus avellana|Haselnuss|hazel
Corylus colurna|Baum-Hasel|Turkish hazel
Crataegus|Weißdorn|hawthorn
Fagus|Buche|beech
Fagus sylvatica|Rot-Buche|beech
Fraxinus|Esche|ash
Fraxinus excelsior|Gewöhnliche Esche|ash
Fraxinus ornus|Blumen-Esche|manna ash
Ginkgo biloba|Ginkgo|ginkgo
Gleditsia triacanthos|Lederhülsenbaum|honey locust
Ilex aquifolium|Stechpalme|holly
Juglans|Walnuss|walnut
Juglans regia|Echte Walnuss|walnut
Juniperus|Wacholder|juniper
Larix|Lärche|larch
Larix decidua|Europäische Lärche|European larch
Liquidambar styraciflua|Amberbaum|sweetgum
Liriodendron tulipifera|Tulpenbaum|tulip tree
Magnolia|Magnolie|magnolia
Malus|Apfelbaum|apple tree
Metasequoia glyptostroboides|Urweltmammutbaum|dawn redwood
Morus|Maulbeerbaum|mulberry
Ostrya carpinifolia|Hopfenbuche|hop hornbeam
Paulownia tomentosa|Blauglockenbaum|foxglove tree
Picea|Fichte|spruce
Picea abies|Gewöhnliche Fichte|Norway spruce
Picea pungens|Stech-Fichte|blue spruce
Pinus|Kiefer|pine
Pinus nigra|Schwarz-Kiefer|black pine
Pinus sylvestris|Wald-Kiefer|Scots pine
Platanus|Platane|plane
Platanus acerifolia|Ahornblättrige Platane|London plane
Platanus hispanica|Ahornblättrige Platane|London plane
Populus|Pappel|poplar
Populus alba|Silber-Pappel|white poplar
Populus nigra|Schwarz-Pappel|black poplar
Populus tremula|Zitter-Pappel|aspen
Prunus|Kirsche oder Pflaume|cherry or plum
Prunus avium|Vogel-Kirsche|wild cherry
Prunus cerasifera|Kirsch-Pflaume|cherry plum
Prunus padus|Trauben-Kirsche|bird cherry
Prunus serrulata|Japanische Zier-Kirsche|Japanese cherry
Pseudotsuga menziesii|Douglasie|Douglas fir
Pyrus|Birnbaum|pear tree
Quercus|Eiche|oak
Quercus cerris|Zerr-Eiche|Turkey oak
Quercus petraea|Trauben-Eiche|sessile oak
Quercus robur|Stiel-Eiche|English oak
Quercus rubra|Rot-Eiche|red oak
Robinia|Robinie|black locust
Robinia pseudoacacia|Robinie|black locust
Salix|Weide|willow
Salix alba|Silber-Weide|white willow
Salix caprea|Sal-Weide|goat willow
Sambucus nigra|Schwarzer Holunder|elder
Sequoiadendron giganteum|Riesenmammutbaum|giant sequoia
Sorbus|Mehlbeere oder Vogelbeere|whitebeam or rowan
Sorbus aria|Mehlbeere|whitebeam
Sorbus aucuparia|Vogelbeere|rowan
Sorbus intermedia|Schwedische Mehlbeere|Swedish whitebeam
Sophora japonica|Schnurbaum|pagoda tree
Styphnolobium japonicum|Schnurbaum|pagoda tree
Syringa|Flieder|lilac
Taxus baccata|Eibe|yew
Thuja|Lebensbaum|thuja
Tilia|Linde|lime
Tilia americana|Amerikanische Linde|American lime
Tilia cordata|Winter-Linde|small-leaved lime
Tilia euchlora|Krim-Linde|Caucasian lime
Tilia europaea|Holländische Linde|common lime
Tilia platyphyllos|Sommer-Linde|large-leaved lime
Tilia tomentosa|Silber-Linde|silver lime
Ulmus|Ulme|elm
Zelkova serrata|Japanische Zelkove|Japanese zelkova`;

let known: Map<string, string[]> | null = null;

/**
 * What people call a species that a register names in botanical Latin ("Tilia cordata 'Greenspire'", "Acer spec.",
 * "Platanus × hispanica"): by its species, else by its genus. Null for what is not Latin, or not known to us.
 */
export function speciesName(botanical: string, language: Language): string | null {
  known ??= new Map(
    NAMES.trim().split("\n").map((line) => {
      const [latin, ...names] = line.split("|");
      return [(latin as string).toLowerCase(), names];
    }),
  );
  const [genus = "", epithet = ""] = botanical.toLowerCase().replace(/\s[x×]\s|\s×/g, " ").trim().split(/\s+/);
  const names = known.get(`${genus} ${epithet}`) ?? known.get(genus);
  return names?.[language === "de" ? 0 : 1] ?? null;
}
