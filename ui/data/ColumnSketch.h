#pragma once

#include "core/data/Profile.h"

#include <QWidget>

#include <optional>

namespace limpid {

class Theme;

/// A column's values at a glance: a histogram of numbers and dates, bars of the most frequent values of the others.
class ColumnSketch : public QWidget
{
    Q_OBJECT
public:
    explicit ColumnSketch(const Theme& theme, QWidget* parent = nullptr);
    void setProfile(std::optional<ColumnProfile> profile);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintHistogram(QPainter& painter) const;
    void paintTop(QPainter& painter) const;
    QString sentence() const;
    QRectF plotArea() const;

    const Theme& m_theme;
    std::optional<ColumnProfile> m_profile;
};

/// A value of that column as a person reads it: a number, or a date where the column holds dates.
QString profileValueText(const ColumnProfile& profile, double value);

} // namespace limpid
