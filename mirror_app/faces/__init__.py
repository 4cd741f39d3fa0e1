"""Who is in the picture and where: detection, mesh, tracking."""
