//! Serve releases: shelf, TAXII server, feeds, block lists, stream, public pages.
