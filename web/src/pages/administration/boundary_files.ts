// SPDX-License-Identifier: EUPL-1.2
/** Endings of the files that boundaries are read from (GDAL). */
export const BOUNDARY_FILES = '.gpkg,.fgb,.shp,.zip,.gz,.geojson,.json,.gml';
