#pragma once

#include "ui/charts/Plot.h"

#include <functional>

class QMenu;
class QPoint;
class QWidget;

namespace limpid {

// What every chart offers: copy the picture, save it as PNG or SVG, show and copy the numbers behind it.

void copyPicture(const Plot& plot, const QSize& size, const Theme& theme);
/// The table as tab-separated text, for spreadsheets.
QString tableText(const Plot& plot);
/// The table as a CSV file: quoted where needed, written atomically. Throws Error FileUnwritable, DiskFull.
void saveTable(const Plot& plot, const QString& path);
/// Opens a window with the plot's table, beside `parent`.
void showTable(const Plot& plot, QWidget* parent);

/// One more thing that a chart can do with itself; no text: nothing.
struct PlotAction {
    QString text;
    std::function<void()> triggered;
};

/// Pops the menu up. `plot` must outlive it, so callers hand over shared ownership. Where there is no `more`, the table can
/// be saved as CSV. `extend` (may be empty) adds what the chart can be set to.
void showPlotMenu(std::shared_ptr<const Plot> plot, const QSize& size, const Theme& theme, QWidget* parent, const QPoint& at,
                  const PlotAction& more = {}, const std::function<void(QMenu&)>& extend = {});

/// Adds what AxisZoom's keys do, with the keys beside, so that one learns of them. `press` gets the key.
void addZoomActions(QMenu& menu, bool isWhole, const std::function<void(Qt::Key)>& press);

} // namespace limpid
