#pragma once

class QTableView;

namespace limpid {

/// Sets a table up as a list of rows: whole rows are chosen, no grid, no row numbers, columns share the width, long names are elided. To be
/// called before it has a model.
void setUpRowList(QTableView* table);

} // namespace limpid
