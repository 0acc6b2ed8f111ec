/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Vector tiles of the collections (OGC 20-057, Mapbox Vector Tile 2.1): the grids in which they are
 * cut, and one worker's memory of the tiles that were asked for. PostGIS makes a tile, of the
 * features that are there now; what is kept says of which state of its collections it is, and that
 * state is asked for at most once a second, so that a tile from memory is at most so old.
 */
#include <pp/core/req.h>
#include <pp/feature/collection.h>

/* A tile matrix set (OGC 17-083r4 §6.2) whose matrices halve their cells one after the other. */
struct pp_tile_grid {
	const char *id, *title_de, *title_en;
	const char *uri; /* where it is registered; NULL: nowhere */
	int crs;
	double west, north;   /* upper left corner of tile 0/0 of every matrix, metres */
	double cell;          /* of matrix 0: width of a pixel, metres */
	unsigned matrices;    /* 0 to matrices - 1 are defined */
	unsigned first, last; /* there are tiles of these */
};

enum { PP_TILE_PIXELS = 256, PP_TILE_EXTENT = 4096, PP_TILE_MARGIN = 64 };
enum { PP_GRID_MERCATOR, PP_GRID_UTM32, PP_TILE_GRIDS };
extern const struct pp_tile_grid pp_tile_grids[PP_TILE_GRIDS];

/* NULL where there is none of that name. */
const struct pp_tile_grid *pp_tile_grid_named(struct pp_slice id);

/* Rows and columns of a matrix of which there are tiles: those that meet Germany with its waters
 * and some way around it. */
struct pp_tile_limits {
	uint32_t first_row, last_row, first_col, last_col;
};
struct pp_tile_limits pp_tile_limits(const struct pp_tile_grid *grid, unsigned matrix);

/* One tile: of the collection of that number, or with all of them as its layers. */
#define PP_TILE_ALL PP_COLLECTIONS
struct pp_tile_key {
	uint8_t collection, grid, matrix;
	uint32_t row, col;
};

/* Whether tiles show the features of that collection, and this property of theirs. */
bool pp_tile_shows(const struct pp_collection *collection);
bool pp_tile_has(const struct pp_collection *collection, const struct pp_feature_column *column);

/* False where there is no such tile: the matrix, or the place in it. */
PP_CHECKED bool pp_tile_is_there(const struct pp_tile_key *key);
/* What it covers, with `margin` units of its extent (PP_TILE_EXTENT on an edge) around it, in
 * metres of the grid's CRS: west, south, east, north. */
void pp_tile_box(const struct pp_tile_key *key, unsigned margin, double box[4]);
/* Metres on the ground that a pixel in its middle covers. */
double pp_tile_pixel(const struct pp_tile_key *key);

/* A tile that was made. It stays while somebody holds it. */
struct pp_tile {
	struct pp_slice bytes; /* empty: there is nothing in it */
	char etag[32];         /* strong, quotes included: of the bytes */
};

/* A request that wants a tile; zeroed before, lives as long as the request. */
struct pp_tile_want {
	struct pp_tile_key key;
	struct pp_tile *tile; /* held by the request */
	struct pp_req *req;
	int64_t since; /* monotonic: what was asked for after that is new enough */
	struct pp_link link;
};

/*
 * True when want->tile is there. Else somebody was asked: the step returns PP_WAIT and calls this
 * again. However many want the same tile meanwhile, it is made once in this worker.
 */
PP_CHECKED bool pp_tile_find(struct pp_req *req, struct pp_tile_want *want);
/* Its bytes as the client takes them best; then Content-Encoding is added. What was coded once is
 * kept with the tile. */
struct pp_slice pp_tile_body(struct pp_req *req, struct pp_tile *tile);

/* Remembers tiles of at most so many bytes; 0: none. */
struct pp_tiles *pp_tiles_open(struct pp_server *server, uint64_t most);
/* After pp_db_close, which still tells what was asked. */
void pp_tiles_close(struct pp_tiles *tiles);
