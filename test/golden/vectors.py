# Makes test/golden/vectors: tables of names and vectors as other programs write them. pyarrow 26.0.1, duckdb 2.0.1, numpy 2.4.6.
import json
import pathlib

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(__file__).parent / "vectors"
names = ["a/1.png", "b, 'ü'.png", "c.png"]
vectors = np.arange(12, dtype="f4").reshape(3, 4) / 8 - 0.5
fixed = pa.table({"id": names, "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 4)})
lists = pa.table({"vector": vectors.astype("f8").tolist(), "id": names, "other": [1, 2, 3]})
pq.write_table(fixed, folder / "fixed-zstd.parquet", compression="zstd")
pq.write_table(lists, folder / "lists-gzip.parquet", compression="gzip", data_page_version="2.0")
pq.write_table(lists, folder / "lists-brotli.parquet", compression="brotli", row_group_size=2)
duckdb.sql(f"COPY (SELECT id, vector FROM fixed) TO '{folder / 'duckdb.parquet'}' (FORMAT parquet)")
with pa.OSFile(str(folder / "lists.arrow"), "wb") as file, pa.ipc.new_file(file, lists.schema) as writer:
    writer.write_table(lists)
for name, array in {"f4": vectors, "f8": vectors.astype("f8"), "big": vectors.astype(">f4")}.items():
    np.save(folder / f"{name}.npy", array)
    (folder / f"{name}.ids.json").write_text(json.dumps(names))
np.save(folder / "fortran.npy", np.asfortranarray(vectors))
np.save(folder / "integers.npy", np.ones((3, 4), "i4"))
np.save(folder / "flat.npy", vectors.ravel())
for name in ["fortran", "integers", "flat"]:
    (folder / f"{name}.ids.json").write_text(json.dumps(names))
