"""Writes engines/hazard/tests/coordinates.csv: places in China by other people's code.

GCJ-02 by coord-convert, Gauss-Krüger by pyproj (PROJ). Install both with pip first.
"""
import csv
import random
import sys

from coord_convert.transform import wgs2gcj
from pyproj import Transformer

random.seed(20261123)
places = [(116.391349, 39.907375), (121.473701, 31.230416), (113.264435, 23.129112), (87.616848, 43.825592), (126.534967, 45.803775), (103.833979, 36.061089), (91.117212, 29.646922), (110.331190, 20.031971)]
places += [(round(random.uniform(75, 134), 6), round(random.uniform(18, 53), 6)) for _ in range(32)]
out = csv.writer(open(sys.argv[1], "w", newline=""), lineterminator="\n")
out.writerow(["lon", "lat", "gcj_lon", "gcj_lat", "meridian", "north", "east"])
for lon, lat in places:
    glon, glat = wgs2gcj(lon, lat)
    meridian = round(lon / 3) * 3
    plane = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +ellps=GRS80 +units=m"
    east, north = Transformer.from_crs("+proj=longlat +ellps=GRS80", plane, always_xy=True).transform(lon, lat)
    out.writerow([lon, lat, f"{glon:.9f}", f"{glat:.9f}", meridian, f"{north:.4f}", f"{east:.4f}"])
