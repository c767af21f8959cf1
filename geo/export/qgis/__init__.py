"""Results as a folder for QGIS: GeoPackage, styles, project, layer definition, raster."""
