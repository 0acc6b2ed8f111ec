/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/tile.h>

#include <math.h>

#include <pp/feature/crs.h>

/* Half the equator on the sphere of EPSG method 1024, in metres; and a cell of matrix 0. */
#define RADIUS 6378137.0
#define HALF   (M_PI * RADIUS)
#define CELL   (2 * HALF / PP_TILE_PIXELS)

/*
 * WebMercatorQuad: OGC 17-083r4 annex D.1. The grid of the German surveying authorities (AdV) for
 * UTM zone 32, under the name that basemap.de's WMTS of the BKG gives it (WMTSCapabilities.xml,
 * TileMatrixSet DE_EPSG_25832_ADV): fourteen matrices from 1:17,471,320.75 on, corner -46133.17,
 * 6301219.54; its cells are those of WebMercatorQuad from matrix 5 on.
 */
const struct pp_tile_grid pp_tile_grids[PP_TILE_GRIDS] = {
	[PP_GRID_MERCATOR] = { "WebMercatorQuad", "Web-Mercator für die ganze Welt",
		"Web Mercator for the whole world",
		"http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", 3857, -HALF,
		HALF, CELL, .matrices = 25, .first = 5, .last = 16 },
	[PP_GRID_UTM32] = { "DE_EPSG_25832_ADV", "Kachelraster der AdV für UTM-Zone 32",
		"Grid of the German surveying authorities (AdV) for UTM zone 32", NULL, PP_UTM32,
		-46133.17, 6301219.54, CELL / 32, .matrices = 14, .first = 0, .last = 13 },
};

const struct pp_tile_grid *pp_tile_grid_named(struct pp_slice id)
{
	for (size_t i = 0; i < PP_TILE_GRIDS; i++)
		if (pp_slice_is(id, pp_slice_of(pp_tile_grids[i].id)))
			return &pp_tile_grids[i];
	return NULL;
}

static double size_of(const struct pp_tile_grid *grid, unsigned matrix)
{
	return ldexp(grid->cell * PP_TILE_PIXELS, -(int)matrix);
}

static double mercator_y(double latitude)
{
	return RADIUS * asinh(tan(latitude * M_PI / 180));
}

struct pp_tile_limits pp_tile_limits(const struct pp_tile_grid *grid, unsigned matrix)
{
	const struct pp_bounds *region = &pp_feature_region;
	double size = size_of(grid, matrix);

	/* It ends where the region does. */
	if (grid->crs == PP_UTM32)
		return (struct pp_tile_limits){ 0, (1u << matrix) - 1, 0, (1u << matrix) - 1 };
	return (struct pp_tile_limits){
		(uint32_t)((grid->north - mercator_y(region->north)) / size),
		(uint32_t)((grid->north - mercator_y(region->south)) / size),
		(uint32_t)((region->west * HALF / 180 - grid->west) / size),
		(uint32_t)((region->east * HALF / 180 - grid->west) / size),
	};
}

bool pp_tile_is_there(const struct pp_tile_key *key)
{
	const struct pp_tile_grid *grid = &pp_tile_grids[key->grid];
	struct pp_tile_limits limits;

	if (key->matrix < grid->first || key->matrix > grid->last)
		return false;
	limits = pp_tile_limits(grid, key->matrix);
	return key->row >= limits.first_row && key->row <= limits.last_row &&
		key->col >= limits.first_col && key->col <= limits.last_col;
}

void pp_tile_box(const struct pp_tile_key *key, unsigned margin, double box[4])
{
	const struct pp_tile_grid *grid = &pp_tile_grids[key->grid];
	double size = size_of(grid, key->matrix), more = size * margin / PP_TILE_EXTENT;

	box[0] = grid->west + key->col * size - more;
	box[1] = grid->north - (key->row + 1.0) * size - more;
	box[2] = grid->west + (key->col + 1.0) * size + more;
	box[3] = grid->north - key->row * size + more;
}

double pp_tile_pixel(const struct pp_tile_key *key)
{
	const struct pp_tile_grid *grid = &pp_tile_grids[key->grid];
	double cell = ldexp(grid->cell, -(int)key->matrix), box[4];

	if (grid->crs == PP_UTM32)
		return cell;
	/* Mercator stretches by the secant of the latitude, which is the cosine of this. */
	pp_tile_box(key, 0, box);
	return cell / cosh((box[1] + box[3]) / 2 / RADIUS);
}
