"""Description, paint, draw: the maps, and the only importer of folium."""
